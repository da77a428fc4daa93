import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One function that fails in every way. The variable CASE chooses how; it is set for the whole process. */
public class Handler implements RequestHandler<Map<String, Object>, Object> {
  private static final String CASE = System.getenv("CASE");

  static {
    if (CASE.equals("initError")) throw new IllegalStateException("no such table");
  }

  @Override
  public Object handleRequest(Map<String, Object> event, Context context) {
    System.out.println("a line of the function");
    switch (CASE) {
      case "throw":
        throw new IllegalArgumentException("no country in the record");
      case "throwLines":
        throw new IllegalArgumentException("no country in the record\nrecord 7\nof 12");
      case "throwCause":
        throw new RuntimeException("could not read", new java.io.IOException("the socket was closed"));
      case "tooLarge":
        return Map.of("records", "x".repeat(6_291_557));
      case "exit":
        System.exit(3);
        return null;
      case "memory":
        return Map.of("records", new long[Integer.MAX_VALUE - 8]);
      case "unserialisable":
        return new Object() {
          public Object getRecords() {
            throw new UnsupportedOperationException("no records");
          }
        };
      case "userText":
        System.out.println("the child said: signal: killed, and ResponseSizeTooLarge");
        return response();
      case "response":
        return response();
      default:
        return event;
    }
  }

  private static Object response() {
    return Map.of(
        "records",
        List.of(
            new Record("1", "Ok", "YQ==", Map.of("partitionKeys", Map.of("city", "Zürich 🚆"))),
            new Record("2", "Dropped", null, null)));
  }

  /** A record of the response. */
  public static class Record {
    private final String recordId;
    private final String result;
    private final String data;
    private final Map<String, Object> metadata;

    Record(String recordId, String result, String data, Map<String, Object> metadata) {
      this.recordId = Objects.requireNonNull(recordId);
      this.result = result;
      this.data = data;
      this.metadata = metadata;
    }

    public String getRecordId() {
      return recordId;
    }

    public String getResult() {
      return result;
    }

    public String getData() {
      return data;
    }

    public Map<String, Object> getMetadata() {
      return metadata;
    }
  }
}
