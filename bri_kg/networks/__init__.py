"""Networks: from an answer to a NetworkX graph whose edges keep their sentences, its measures, its phases and its files."""
