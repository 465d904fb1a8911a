/* The one error type of the project.
 *
 * It is carried by value: a code that says who has to act, the name of the input at fault and a
 * sentence for a person. A message may be shown to a client, so it never holds a secret, a path of
 * the server or an engine's own text; what only the operator may read goes to the log.
 *
 * Any thread. */
#ifndef MUSTER_BASE_ERROR_H
#define MUSTER_BASE_ERROR_H

#include <stdbool.h>

/* The result must be looked at: an error that nobody reads is a defect. */
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first_argument)                                                  \
    __attribute__((format(printf, format_index, first_argument)))

/* Who has to act, in the order of the HTTP statuses that the doors give them. */
enum error_code {
    ERROR_NONE = 0,
    ERROR_INVALID,                /* the caller: the input is wrong */
    ERROR_UNAUTHENTICATED,        /* the caller: no acceptable bearer token */
    ERROR_FORBIDDEN,              /* the caller: known, but may not */
    ERROR_NOT_FOUND,              /* the caller: no such thing, or not theirs */
    ERROR_METHOD_NOT_ALLOWED,     /* the caller: another method */
    ERROR_NOT_ACCEPTABLE,         /* the caller: another Accept */
    ERROR_TIMEOUT,                /* the caller: too slow */
    ERROR_CONFLICT,               /* the caller: the state does not allow it */
    ERROR_LENGTH_REQUIRED,        /* the caller: say how long the body is */
    ERROR_PRECONDITION_FAILED,    /* the caller: If-Match does not match */
    ERROR_TOO_LARGE,              /* the caller: a smaller body */
    ERROR_URI_TOO_LONG,           /* the caller: a shorter address */
    ERROR_UNSUPPORTED_MEDIA_TYPE, /* the caller: another Content-Type */
    ERROR_FAILED_DEPENDENCY,      /* the caller: an earlier part of the batch failed */
    ERROR_THROTTLED,              /* the caller: later */
    ERROR_HEADERS_TOO_LARGE,      /* the caller: smaller headers */
    ERROR_INTERNAL,               /* the operator: a defect or a broken machine */
    ERROR_NOT_IMPLEMENTED,        /* the caller: this server does not know how */
    ERROR_UNAVAILABLE,            /* nobody: try again soon */
};

#define ERROR_TARGET_SIZE 64
#define ERROR_MESSAGE_SIZE 400

struct error {
    enum error_code code;
    char target[ERROR_TARGET_SIZE];   /* parameter, property or option at fault; may be empty */
    char message[ERROR_MESSAGE_SIZE]; /* one sentence or two, UTF-8, cut to fit */
};

/* No error. */
static inline struct error error_none(void) {
    struct error error;
    error.code = ERROR_NONE;
    error.target[0] = '\0';
    error.message[0] = '\0';
    return error;
}

static inline bool error_is_set(const struct error *error) {
    return error->code != ERROR_NONE;
}

/* An error with a formatted message; a message that is too long is cut at a character's start. */
struct error error_make(enum error_code code, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* The same with the name of the input at fault, which is cut to fit as well. */
struct error error_make_for(enum error_code code, const char *target, const char *format, ...)
    PRINTF_LIKE(3, 4) MUST_CHECK;

#endif
