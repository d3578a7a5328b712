"""How long relief will last, with its uncertainty. Relief method, sections 5 and 6."""
