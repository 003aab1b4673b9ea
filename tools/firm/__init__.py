"""What reads or describes a firm: its figures, place, trade, titles, systems and what it says of itself."""
