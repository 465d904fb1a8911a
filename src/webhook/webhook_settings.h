/* What an operator says of one webhook: a section [webhook NAME] of the configuration. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_SETTINGS_H
#define MUSTER_WEBHOOK_WEBHOOK_SETTINGS_H

#include <stdbool.h>

#define WEBHOOK_TIMEOUT_SECONDS_AT_MOST 60
#define WEBHOOK_KEEP_DAYS_AT_MOST 36500
#define WEBHOOK_DEFAULT_TIMEOUT_SECONDS 10
#define WEBHOOK_DEFAULT_KEEP_DAYS 7

/* Texts live as long as the configuration. */
struct webhook_settings {
    const char *name;
    const char *url;       /* may be a secret in itself: no log and no error repeats it */
    const char *url_file;  /* holds it instead; one of the two is NULL */
    bool takes_plain_http; /* to this machine, for development */
    const char *secret_file;
    const char *ca_file;  /* NULL: the system's CAs */
    unsigned events;      /* bit e: enum webhook_event_kind e is wanted */
    long timeout_seconds; /* of one attempt */
    int keep_days;        /* what could not be delivered for so long is dropped */
};

#endif
