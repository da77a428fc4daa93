#!/usr/bin/env bash
# Java 17's GZIPInputStream over the AWS SDK's Apache client stops in a file of several gzip members.
#
# After each member it asks the stream below for available(), and takes 0 for the end of the file. The
# SDK's Apache client answers 0 where its buffer is empty by chance. There is no error. With
# getObjectAsBytes every member is read. The SDK's URL connection client stops too, but seldom.
#
# Seen on 2026-11-30 with software.amazon.awssdk 2.34.0 and OpenJDK 17.0.15: 42 to 1,421 of 6,000 rows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>software.amazon.awssdk</groupId>
      <artifactId>s3</artifactId>
      <version>2.34.0</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>2.0.17</version>
    </dependency>
  </dependencies>
</project>
EOF

cat > Read.java <<'EOF'
import com.sun.net.httpserver.HttpServer;
import java.io.*;
import java.net.*;
import java.util.zip.*;
import software.amazon.awssdk.auth.credentials.*;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

public class Read {
  static final int COUNT = 6_000;

  public static void main(String[] args) throws Exception {
    var file = new ByteArrayOutputStream();
    for (int id = 0; id < COUNT; id++) {
      var member = new GZIPOutputStream(file);
      member.write(("{\"id\":" + id + ",\"name\":\"" + Long.toString(id * 7919L, 36) + "\"}\n").getBytes());
      member.finish();
    }
    byte[] bytes = file.toByteArray();
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    });
    server.start();
    var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    S3Client apache = s3(endpoint, ApacheHttpClient.create());
    long viaApache = COUNT;
    for (int tried = 0; tried < 20; tried++) {
      viaApache = Math.min(viaApache, rows(apache.getObject(r -> r.bucket("b").key("k"))));
    }
    long viaBytes = rows(apache.getObjectAsBytes(r -> r.bucket("b").key("k")).asInputStream());
    System.out.println("getObject " + viaApache + ", the worst of 20; getObjectAsBytes " + viaBytes
        + " of " + COUNT + " rows");
    System.exit(viaApache < COUNT && viaBytes == COUNT ? 0 : 1);
  }

  static long rows(InputStream compressed) throws IOException {
    return new BufferedReader(new InputStreamReader(new GZIPInputStream(compressed))).lines().count();
  }

  static S3Client s3(URI endpoint, SdkHttpClient client) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .httpClient(client)
        .build();
  }
}
EOF
mvn --quiet --batch-mode dependency:copy-dependencies -DoutputDirectory=lib
java -cp 'lib/*' Read.java
