/* The provisioning JSON of a token, as the setup wizard and the two portals read it.
 *
 * It is compact, because each byte makes a QR code finer, in an order that never changes, and pure
 * ASCII: other characters are written as \u escapes (RFC 8259 section 7), because a QR code does
 * not say which encoding its bytes have and scanners guess. Any thread. */
#ifndef MUSTER_PROVISIONING_PAYLOAD_H
#define MUSTER_PROVISIONING_PAYLOAD_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "provisioning/settings.h"

enum provisioning_format {
    PROVISIONING_FORMAT_QR,         /* the content of a QR code */
    PROVISIONING_FORMAT_ZERO_TOUCH, /* dpcExtras of Google's zero-touch portal: the same without
                                       the download location, as the portal knows the DPC */
    PROVISIONING_FORMAT_KNOX,       /* Samsung's "Custom JSON": only what the DPC itself gets */
};

/* Appends the payload to out. settings are merged ones that provisioning_settings_check() let
 * through; they need not be resolved. token is the value that the device presents. ERROR_CONFLICT
 * when no DPC is named (see provisioning_settings_name_controller()), ERROR_INVALID when the
 * settings would not have passed the check; out is then as it was. The result holds the token and
 * perhaps a Wi-Fi password: it belongs in no log. */
struct error provisioning_payload_write(const struct provisioning_settings *settings,
                                        enum provisioning_format format, struct slice token,
                                        struct buffer *out) MUST_CHECK;

/* Whether the content fits a QR code for every token of up to longest_token characters (ASCII that
 * JSON need not escape). Ask when settings are written, so that reading a code never fails.
 * Settings that name no DPC fit. ERROR_INVALID with both sizes otherwise. */
struct error provisioning_payload_check_size(const struct provisioning_settings *settings,
                                             size_t longest_token) MUST_CHECK;

#endif
