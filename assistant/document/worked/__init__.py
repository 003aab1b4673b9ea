"""What a notice pays, in steps that a model puts together out of listed figures, and that code checks and reckons."""
