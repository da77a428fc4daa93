"""What `deno task site` adds to Sphinx."""


def heading_anchor(text):
    """A heading's anchor, as JupyterLab makes it: the links inside the notebooks use these."""
    return text.replace(" ", "-")
