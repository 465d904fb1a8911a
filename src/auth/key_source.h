/* Where one issuer's keys come from, and when they are fetched next: at once, then once an hour (or
 * sooner, as the answer's Cache-Control says, but not within five minutes), after a failure again
 * in 1 s, 2 s, 4 s … 60 s. Until a fetch succeeds the old keys stay. A longer Cache-Control is not
 * followed: for so long a key that the issuer withdrew would be believed.
 *
 * Keys thread only, except where it says otherwise. */
#ifndef MUSTER_AUTH_KEY_SOURCE_H
#define MUSTER_AUTH_KEY_SOURCE_H

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "auth/issuer.h"
#include "auth/key_download.h"
#include "auth/key_file.h"
#include "auth/published_keys.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/log.h"

#define KEY_SOURCE_REFRESH_SECONDS 3600
#define KEY_SOURCE_REFRESH_SECONDS_AT_LEAST 300
#define KEY_SOURCE_RETRY_SECONDS_AT_MOST 60
/* An unknown kid leads to one more fetch in that time; anybody can invent one. */
#define KEY_SOURCE_WANTED_EVERY_SECONDS 60
/* A file costs one look at its date. */
#define KEY_SOURCE_FILE_WANTED_EVERY_SECONDS 1

enum key_source_stage { KEY_SOURCE_IDLE, KEY_SOURCE_DISCOVERING, KEY_SOURCE_FETCHING };

struct key_source {
    const struct issuer_settings *settings;
    struct published_keys *published;
    struct log *log;
    enum key_source_stage stage;
    struct key_download download;
    struct key_file_stamp stamp;
    char *address; /* of the transfer that runs, for messages */
    instant due;
    bool refreshing;       /* to be fetched once it is idle, whatever the time */
    unsigned failures;     /* in a row */
    bool is_known_to_fail; /* it was logged */
    bool is_known_to_work;
    atomic_bool wanted;              /* a token named an unknown key */
    _Atomic instant wanted_again_at; /* when the next such token counts */
};

/* settings, published and log outlive it. multi may be NULL when the keys come from a file. */
struct error key_source_open(struct key_source *source, const struct issuer_settings *settings,
                             struct published_keys *published, CURLM *multi,
                             struct log *log) MUST_CHECK;

/* Notes that a token named a key that is not known. False when that must not lead to a fetch yet.
 * Any thread. */
bool key_source_want(struct key_source *source, instant now);

/* Begins what is due: reads the file, or starts a transfer. */
void key_source_run(struct key_source *source, instant now);

/* Has it fetched at the next run, whatever the time; once more when a fetch is running. */
void key_source_refresh(struct key_source *source);

/* Goes on after the transfer that was running. */
void key_source_continue(struct key_source *source, CURLcode result, instant now);

/* Milliseconds until it is due; at most most. */
int key_source_wait(const struct key_source *source, instant now, int most);

void key_source_close(struct key_source *source);

#endif
