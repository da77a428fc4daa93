#!/usr/bin/env bash
# Java: a Firehose record that the handler has read and hands back as it came is answered Ok, and is empty.
#
# KinesisFirehoseEvent gives a record's data as a ByteBuffer. Charset.decode() and get() move its position to the
# end, and the runtime's serializer writes only what comes after it: "data":"". Firehose takes that for an
# empty record, so nothing of it is delivered and nothing fails. The library has no other response for a stream's
# records than Kinesis Analytics', which has no place for partition keys.
#
# Seen on 2026-11-30 with aws-lambda-java-events 3.16.1, aws-lambda-java-serialization 1.1.6 and Java 17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>example</groupId><artifactId>example</artifactId><version>1</version>
<dependencies>
<dependency><groupId>com.amazonaws</groupId>
<artifactId>aws-lambda-java-events</artifactId><version>3.16.1</version></dependency>
<dependency><groupId>com.amazonaws</groupId>
<artifactId>aws-lambda-java-serialization</artifactId><version>1.1.6</version></dependency>
</dependencies></project>
EOF
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib

cat > Answer.java <<'EOF'
import com.amazonaws.services.lambda.runtime.events.KinesisAnalyticsInputPreprocessingResponse;
import com.amazonaws.services.lambda.runtime.events.KinesisAnalyticsInputPreprocessingResponse.Record;
import com.amazonaws.services.lambda.runtime.events.KinesisAnalyticsInputPreprocessingResponse.Result;
import com.amazonaws.services.lambda.runtime.events.KinesisFirehoseEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

public class Answer {
  public static void main(String[] arguments) {
    String event = "{\"invocationId\":\"1\",\"region\":\"us-east-1\",\"records\":[{\"recordId\":\"1\","
        + "\"approximateArrivalTimestamp\":1795512600000,\"data\":\"eyJpZCI6MX0=\"}]}";
    ByteBuffer data = LambdaEventSerializers
        .serializerFor(KinesisFirehoseEvent.class, Answer.class.getClassLoader())
        .fromJson(event).getRecords().get(0).getData();
    System.out.println("not read: " + answerOf(data));
    System.out.println("content:  " + StandardCharsets.UTF_8.decode(data));
    System.out.println("read:     " + answerOf(data));
    data.rewind();
    System.out.println("rewound:  " + answerOf(data));
  }

  static String answerOf(ByteBuffer data) {
    var bytes = new ByteArrayOutputStream();
    var answer = new KinesisAnalyticsInputPreprocessingResponse(List.of(new Record("1", Result.Ok, data)));
    JacksonFactory.getInstance()
        .getSerializer(KinesisAnalyticsInputPreprocessingResponse.class).toJson(answer, bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
EOF
javac -cp 'lib/*' Answer.java
java -cp 'lib/*:.' Answer | tee seen.txt

cat > expected.txt <<'EOF'
not read: {"records":[{"recordId":"1","result":"Ok","data":"eyJpZCI6MX0="}]}
content:  {"id":1}
read:     {"records":[{"recordId":"1","result":"Ok","data":""}]}
rewound:  {"records":[{"recordId":"1","result":"Ok","data":"eyJpZCI6MX0="}]}
EOF
diff expected.txt seen.txt
