"""The platform's API as an account calls it: /cgi-bin, /sns, /connect."""
