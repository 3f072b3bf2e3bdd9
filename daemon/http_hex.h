#ifndef DAEMON_HTTP_HEX_H
#define DAEMON_HTTP_HEX_H

/* The value of one hexadecimal digit, or -1. strtoul() would also take signs, blanks and "0x". */
static inline int http_hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

#endif
