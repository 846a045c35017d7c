"""The pages. Each has a ``show`` that draws it and a live part that draws itself anew every one or two seconds."""
