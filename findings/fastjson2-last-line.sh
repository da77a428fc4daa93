#!/usr/bin/env bash
# fastjson2's reader of JSON lines leaves out a last line that has no line feed, without an error.
#
# JSON.parseObject(InputStream, charset, '\n', type, consumer) gives the consumer only what a delimiter
# follows. Firehose's AppendDelimiterToRecord puts line feeds between the records of an object and none
# after the last: one record of each object is lost. An object without delimiters, Firehose's default,
# gives none at all. The loop over JSONReader.of() in the same library reads all of them.
#
# Seen on 2026-11-30 with com.alibaba.fastjson2:fastjson2 2.0.64 and Java 17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>example</groupId><artifactId>example</artifactId><version>1</version>
<dependencies><dependency><groupId>com.alibaba.fastjson2</groupId>
<artifactId>fastjson2</artifactId><version>2.0.64</version></dependency></dependencies></project>
EOF
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib

cat > Lines.java <<'EOF'
import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import com.alibaba.fastjson2.JSONReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

public class Lines {
  public static void main(String[] arguments) {
    show("a line feed after each:  ", "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
    show("a line feed between them:", "{\"id\":1}\n{\"id\":2}\n{\"id\":3}");
    show("no line feed:            ", "{\"id\":1}{\"id\":2}{\"id\":3}");
  }

  static void show(String name, String text) {
    List<Object> lines = new ArrayList<>();
    JSON.parseObject(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8,
        '\n', JSONObject.class, (Consumer<JSONObject>) (row) -> lines.add(row.get("id")));
    List<Object> loop = new ArrayList<>();
    try (JSONReader reader = JSONReader.of(text)) {
      while (!reader.isEnd()) loop.add(reader.read(JSONObject.class).get("id"));
    }
    System.out.println(name + " by lines " + lines + ", in a loop " + loop);
  }
}
EOF
javac -cp 'lib/*' Lines.java
java -cp 'lib/*:.' Lines | tee seen.txt

cat > expected.txt <<'EOF'
a line feed after each:   by lines [1, 2, 3], in a loop [1, 2, 3]
a line feed between them: by lines [1, 2], in a loop [1, 2, 3]
no line feed:             by lines [], in a loop [1, 2, 3]
EOF
diff expected.txt seen.txt
