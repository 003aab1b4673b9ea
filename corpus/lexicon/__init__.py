"""The words of the field: the segmenter's dictionary, synonyms, everyday speech, English, stop words."""
