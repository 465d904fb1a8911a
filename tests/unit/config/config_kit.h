/* Loads a configuration from a file's text, an environment and flags that stand in the test. */
#ifndef MUSTER_TESTS_UNIT_CONFIG_CONFIG_KIT_H
#define MUSTER_TESTS_UNIT_CONFIG_CONFIG_KIT_H

#include "config/config.h"
#include "test.h"

/* Names and values in turn, ended by NULL. */
#define ENVIRONMENT(...) ((const char *const[]){__VA_ARGS__, NULL})
/* Flags behind "serve", ended by NULL. */
#define FLAGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* file is the text of muster.ini, or NULL for none; environment and flags may be NULL. */
struct error kit_load(const char *file, const char *const *environment, const char *const *flags,
                      struct config **config) MUST_CHECK;

/* The same with bytes that need not be a C string. */
struct error kit_load_bytes(struct slice file, struct config **config) MUST_CHECK;

/* Fails the test unless loading is refused as ERROR_INVALID with exactly this message, in which
 * "FILE" stands for the file's path. */
void kit_assert_refused(const char *file, const char *const *environment, const char *const *flags,
                        const char *message);

#endif
