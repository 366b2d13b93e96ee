package io.kailash.live;

/** Why a connection ends. */
enum End {
  /** The other side has closed it or is gone. */
  GONE(1000, ""),
  /** It is behind and does not read on. */
  SLOW(1013, "reads too slowly; resume after the last event you have"),
  /** It gives no sign of life. */
  DEAD(1001, "no sign of life"),
  /** It wants nothing and says nothing. */
  IDLE(1001, "idle: no subscription and no message for too long"),
  /** It has sent no key in time, or something else before one. */
  STRANGER(1008, "send a key first: {\"type\":\"authenticate\",\"key\":\"...\"}"),
  /** Its key was revoked. */
  REVOKED(1008, "the API key was revoked"),
  /** It breaks a limit or the protocol again and again. */
  UNRULY(1008, "too many messages that cannot be taken"),
  /** Its client has too many connections. */
  LIMIT(1008, "too many connections of this API client"),
  /** It sends what is no text. */
  BINARY(1003, "only text messages are understood"),
  /** It sends a message that is too large. */
  TOO_LARGE(1009, "the message is too large"),
  /** The time it asked for is over. */
  OVER(1000, "the time asked for is over"),
  /** The service stops. */
  STOPPING(1001, "the service stops; connect again");

  private final int code;
  private final String text;

  End(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** As a WebSocket is closed, RFC 6455, 7.4. */
  int code() {
    return code;
  }

  /** For people. */
  String text() {
    return text;
  }
}
