"""What a message means: learnt from labelled examples, by small heads on the built-in encoder's vectors."""
