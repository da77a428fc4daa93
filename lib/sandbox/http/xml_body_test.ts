import { assertEquals, assertThrows } from "@std/assert";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../errors.ts";
import { DeleteObjects$ } from "../schemas/s3.ts";
import { payloadMember } from "./rest_shapes.ts";
import { readXmlBody } from "./xml_body.ts";

/** The object to delete that a body with this text as its key names. */
const objectIn = (key: string) => deletion(`<Delete><Object><Key>${key}</Key></Object></Delete>`);

function deletion(body: string): unknown {
  const [, member] = payloadMember(NormalizedSchema.of(DeleteObjects$[4])) ?? [];
  if (member === undefined) throw new Error("DeleteObjects has a body");
  return readXmlBody(member, new TextEncoder().encode(body), {
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: false,
    xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
    serviceNamespace: "s3",
  });
}

Deno.test("a body with a & that begins no reference is refused: it could name another key", () => {
  const keys = "a&nbsp;b a&b a&;b a&lt a&#xZZ; a&#0; a&#xD800; a&#x110000; &#X41; <!--&-->&x; " +
    "<![CDATA[&]]>&y;";
  for (const key of keys.split(" ")) assertThrows(() => objectIn(key), AwsError, "XML");
});

Deno.test("references of XML, and a & in CDATA or a comment, are read", () => {
  for (
    const [key, read] of [
      ["&lt;&gt;&amp;&quot;&apos;", "<>&\"'"],
      ["&#65;&#x1F600;&#xD;&#00000000066;", "A😀\rB"],
      ["&amp;nbsp;", "&nbsp;"],
      ["<![CDATA[a&b&#x1F600;<!--]]>&#x1F600;", "a&b&#x1F600;<!--😀"],
      ["<!-- & -->a", "a"],
    ]
  ) assertEquals(objectIn(key), { Objects: [{ Key: read }] }, key);
});

Deno.test("blanks between elements count for nothing, those of a key stay", () => {
  // s3cmd 2.4.0 sends `<Tag>    <Key>a</Key>    <Value>b</Value></Tag>` (S3.set_tagging).
  for (const blank of [" ", "    ", "\t", "\r", "\n  ", " <!-- > --> "]) {
    const body = [
      "<Delete xmlns='> '>",
      "<Quiet>true</Quiet>",
      "<Object>",
      "<Key> </Key>",
      "</Object>",
    ]
      .concat("<Object>", "<Key> <![CDATA[ > <b> </b> ]]> </Key>", "</Object>", "</Delete>");
    assertEquals(deletion(body.join(blank)), {
      Quiet: true,
      Objects: [{ Key: " " }, { Key: "  > <b> </b>  " }],
    }, JSON.stringify(blank));
  }
});
