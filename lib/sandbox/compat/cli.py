"""`aws s3` against the endpoint in AWS_ENDPOINT_URL: mb, cp, ls, sync, mv, presign, rm, rb.

Run by wide_test.ts, in the folder it gives for files. The CLI's own driver is called in one
process: a process for each command would take half a second each.
"""

import contextlib
import io
import os
import pathlib
import sys
import urllib.error
import urllib.request

from awscli.clidriver import create_clidriver

MIB = 1024 * 1024


class Captured(io.TextIOWrapper):
    """Text as the CLI writes it: some of it to the buffer beneath."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self):
        return self.buffer.getvalue().decode()


def aws(*args, expect=0):
    out = Captured()
    with contextlib.redirect_stdout(out):
        code = create_clidriver().main(["s3", *args])
    assert code == expect, f"aws s3 {' '.join(args)} exited with {code}: {out.text()}"
    return out.text()


def refused(url):
    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError as error:
        return error.code == 403
    return False


def main():
    folder = pathlib.Path(sys.argv[1])
    tree = folder / "tree"
    (tree / "deeper").mkdir(parents=True)
    (tree / "a.txt").write_text("a")
    (tree / "deeper" / "ü b.txt").write_text("b")
    # S3 tells whole seconds: what is uploaded in the second it was written in is synced once more.
    for file in tree.rglob("*.txt"):
        os.utime(file, (0, 0))
    large = folder / "large"
    large.write_bytes(os.urandom(MIB) * 9)

    assert "make_bucket: cli-bucket" in aws("mb", "s3://cli-bucket")
    aws("cp", str(large), "s3://cli-bucket/large", "--no-progress")
    aws("cp", "s3://cli-bucket/large", str(folder / "back"), "--no-progress")
    assert (folder / "back").read_bytes() == large.read_bytes()
    aws("cp", "s3://cli-bucket/large", "s3://cli-bucket/large2", "--no-progress")
    synced = aws("sync", str(tree), "s3://cli-bucket/tree", "--no-progress")
    assert synced.count("upload:") == 2, synced
    assert aws("sync", str(tree), "s3://cli-bucket/tree", "--no-progress") == ""
    aws("mv", "s3://cli-bucket/tree/a.txt", "s3://cli-bucket/moved.txt", "--no-progress")
    listed = aws("ls", "s3://cli-bucket", "--recursive")
    found = [line.split(maxsplit=3)[3] for line in listed.splitlines()]
    assert found == ["large", "large2", "moved.txt", "tree/deeper/ü b.txt"], found
    assert "PRE tree/" in aws("ls", "s3://cli-bucket/")
    url = aws("presign", "s3://cli-bucket/moved.txt").strip()
    # The CLI signs it by version 2 in us-east-1.
    assert "AWSAccessKeyId=" in url and urllib.request.urlopen(url).read() == b"a"
    assert refused(url.replace("moved.txt", "large")) and refused(url + "0")
    assert refused(aws("presign", "s3://cli-bucket/moved.txt", "--expires-in", "-1").strip())
    aws("rm", "s3://cli-bucket/large2")
    aws("rb", "s3://cli-bucket", expect=1)
    assert "remove_bucket: cli-bucket" in aws("rb", "s3://cli-bucket", "--force")
    assert aws("ls") == ""


if __name__ == "__main__":
    main()
