"""How digital a firm is under the 2024 indicators."""
