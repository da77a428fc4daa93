import base64
import gzip


def compressed(handler):
    """Compresses each answer. Readers must read every gzip member of a file."""

    def cured(event, context):
        response = handler(event, context)
        for answer in response["records"]:
            if answer["result"] == "Ok":
                data = gzip.compress(base64.b64decode(answer["data"]), mtime=0)
                answer["data"] = base64.b64encode(data).decode()
        return response

    return cured


HANDLER = compressed(HANDLER)
