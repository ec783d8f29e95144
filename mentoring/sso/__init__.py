"""Single sign-on by OpenID Connect: who somebody is, is what issuer and subject say (C-11), never an address alone."""
