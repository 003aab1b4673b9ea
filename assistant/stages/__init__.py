"""The stages of a question, one module each with one function that takes a state and gives the next."""
