import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import com.alibaba.fastjson2.JSONReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.xerial.snappy.SnappyInputStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Reads the objects with Java's readers: `Read.java PLAN`. Prints one JSON line for each reader and
 * case: the ids of the rows it got, or the error.
 */
public class Read {
  interface Reader {
    byte[] read(String place) throws Exception;
  }

  static final List<String> GZIP =
      List.of("oneMember", "functionLines", "keptMembers", "mergedMembers", "headerFields");
  static final List<String> HTTP = List.of("httpOneMember", "httpMembers");
  static final List<String> JSON_TEXTS = List.of("lines", "runTogether", "glued", "emptyLines");
  static final int NETWORK_TRIES = 25;
  static final Gson GSON = new Gson();
  static JsonObject plan;

  public static void main(String[] args) throws Exception {
    plan = JsonParser.parseString(Files.readString(Path.of(args[0]))).getAsJsonObject();
    String java = System.getProperty("java.version");
    var aws = new TreeMap<>(Map.of(
        "ApacheHttpClient", ApacheHttpClient.create(),
        "UrlConnectionHttpClient", UrlConnectionHttpClient.create()));

    run("Java GZIPInputStream over a file", java, GZIP, Read::gzipFile);
    run("Java ZipInputStream", java, List.of("zip"), Read::zipFile);
    for (var client : aws.entrySet()) {
      S3Client s3 = s3With(client.getValue());
      run("Java GZIPInputStream over AWS SDK 2.34 " + client.getKey(), java, GZIP,
          place -> gunzip(s3.getObject(r -> r.bucket(text("bucket")).key(place))));
      run("Java GZIPInputStream over getObjectAsBytes", java, GZIP,
          place -> gunzip(
              s3.getObjectAsBytes(r -> r.bucket(text("bucket")).key(place)).asInputStream()));
    }
    run("commons-compress", "1.28.0", GZIP, place -> commons(place, false));
    run("commons-compress, decompressConcatenated", "1.28.0", GZIP, place -> commons(place, true));
    run("Jackson MappingIterator", "2.20.1", JSON_TEXTS, Read::jackson);
    run("fastjson2 parseObject by lines", "2.0.64", JSON_TEXTS, Read::fastjsonLines);
    run("fastjson2 JSONReader in a loop", "2.0.64", JSON_TEXTS, Read::fastjsonLoop);
    run("snappy-java", "1.1.10.8", List.of("snappy"), Read::snappy);
    run("Apache HttpClient", "5.5", HTTP, Read::apache);
    run("OkHttp", "4.12.0", HTTP, url -> okHttp(new Request.Builder().url(url).build()));
    run("Apache HttpClient, disableContentCompression(), commons-compress", "5.5", HTTP,
        Read::apacheRaw);
    run("OkHttp, Accept-Encoding: identity, GZIPInputStream", "4.12.0", HTTP, Read::okHttpRaw);
    System.exit(0); // the clients' threads would keep it waiting
  }

  static void run(String reader, String version, List<String> cases, Reader read) {
    for (String name : cases) {
      var line = new LinkedHashMap<String, Object>();
      line.put("reader", reader);
      line.put("version", version);
      line.put("case", name);
      try {
        String place = placeOf(reader, name);
        line.put("ids", fewestIds(reader, read, place));
      } catch (Exception error) {
        line.put("error", error.getClass().getSimpleName() + ": " + error.getMessage());
      }
      System.out.println(GSON.toJson(line));
    }
  }

  /** Over a network it is chance where a reader stops: the worst of some tries. */
  static List<Integer> fewestIds(String reader, Reader read, String place) throws Exception {
    List<Integer> fewest = idsOf(read.read(place));
    for (int again = 1; again < (reader.contains("SDK") ? NETWORK_TRIES : 1); again++) {
      List<Integer> ids = idsOf(read.read(place));
      if (ids.size() < fewest.size()) fewest = ids;
    }
    return fewest;
  }

  /** An object's key for readers of S3, else its address or its file. */
  static String placeOf(String reader, String name) {
    if (reader.contains("SDK") || reader.contains("getObject")) return member("keys", name);
    return HTTP.contains(name) ? member("urls", name) : member("files", name);
  }

  static String member(String map, String name) {
    return plan.getAsJsonObject(map).get(name).getAsString();
  }

  static String text(String name) {
    return plan.getAsJsonObject("s3").get(name).getAsString();
  }

  /** A line that was cut is no row: the reader said nothing about it. */
  static List<Integer> idsOf(byte[] content) {
    return Stream.of(new String(content, StandardCharsets.UTF_8).split("\n"))
        .filter(line -> line.endsWith("}"))
        .map(line -> JsonParser.parseString(line).getAsJsonObject().get("id").getAsInt())
        .toList();
  }

  static byte[] gunzip(InputStream compressed) throws IOException {
    try (var gzip = new GZIPInputStream(compressed)) {
      return gzip.readAllBytes();
    }
  }

  static byte[] gzipFile(String path) throws IOException {
    return gunzip(new FileInputStream(path));
  }

  static byte[] zipFile(String path) throws IOException {
    try (var zip = new ZipInputStream(new FileInputStream(path))) {
      zip.getNextEntry();
      return zip.readAllBytes();
    }
  }

  static byte[] commons(String path, boolean isConcatenated) throws IOException {
    var file = new ByteArrayInputStream(Files.readAllBytes(Path.of(path)));
    try (var gzip = new GzipCompressorInputStream(file, isConcatenated)) {
      return gzip.readAllBytes();
    }
  }

  static byte[] jackson(String path) throws IOException {
    var ids = new ArrayList<Integer>();
    try (var rows = new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(new FileInputStream(path))) {
      while (rows.hasNext()) ids.add(rows.next().get("id").asInt());
    }
    return linesOf(ids);
  }

  static byte[] fastjsonLines(String path) throws IOException {
    var ids = new ArrayList<Integer>();
    Consumer<JSONObject> add = row -> ids.add(row.getInteger("id"));
    JSON.parseObject(new FileInputStream(path), StandardCharsets.UTF_8, '\n', JSONObject.class, add);
    return linesOf(ids);
  }

  static byte[] fastjsonLoop(String path) throws IOException {
    var ids = new ArrayList<Integer>();
    try (var reader = JSONReader.of(Files.readString(Path.of(path)))) {
      while (!reader.isEnd()) ids.add(reader.read(JSONObject.class).getInteger("id"));
    }
    return linesOf(ids);
  }

  /** Rows that hold their ids only. */
  static byte[] linesOf(List<Integer> ids) {
    var lines = ids.stream().map(id -> "{\"id\":" + id + "}\n");
    return String.join("", lines.toList()).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] snappy(String path) throws IOException {
    try (var snappy = new SnappyInputStream(new FileInputStream(path))) {
      return snappy.readAllBytes();
    }
  }

  static byte[] apache(String url) throws Exception {
    try (var client = HttpClients.createDefault()) {
      return client.execute(new HttpGet(url), r -> r.getEntity().getContent().readAllBytes());
    }
  }

  static byte[] apacheRaw(String url) throws Exception {
    try (var client = HttpClients.custom().disableContentCompression().build()) {
      return client.execute(new HttpGet(url), response -> {
        var body = response.getEntity().getContent();
        return new GzipCompressorInputStream(body, true).readAllBytes();
      });
    }
  }

  /** OkHttp decodes only what it asked for by itself. */
  static byte[] okHttpRaw(String url) throws IOException {
    var request = new Request.Builder().url(url).header("Accept-Encoding", "identity").build();
    return gunzip(new ByteArrayInputStream(okHttp(request)));
  }

  static byte[] okHttp(Request request) throws IOException {
    try (var response = new OkHttpClient().newCall(request).execute()) {
      return response.body().bytes();
    }
  }

  static S3Client s3With(SdkHttpClient client) {
    var key = AwsBasicCredentials.create(text("accessKeyId"), text("secretAccessKey"));
    return S3Client.builder()
        .endpointOverride(URI.create(text("endpoint")))
        .credentialsProvider(StaticCredentialsProvider.create(key))
        .region(Region.of(text("region")))
        .forcePathStyle(true)
        .httpClient(client)
        .build();
  }
}
