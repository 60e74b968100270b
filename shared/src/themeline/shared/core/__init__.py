"""Pure functions that more than one service needs: values in, values out."""
