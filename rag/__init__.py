"""Answers questions from an index of articles, each sentence with the sentence it rests on."""
