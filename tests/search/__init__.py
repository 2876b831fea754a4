"""A search for inputs on which the package has fewer digits than it promises."""
