"""微信公众平台模拟器 (wēixìn mónǐqì): both halves of the platform, for the demo and for tests. Never used in production."""
