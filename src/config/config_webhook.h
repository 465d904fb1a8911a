/* Sections [webhook NAME] of the configuration file. Shared by the files of this folder only.
 * Errors say what is wrong, without the place. */
#ifndef MUSTER_CONFIG_CONFIG_WEBHOOK_H
#define MUSTER_CONFIG_CONFIG_WEBHOOK_H

#include "config/config.h"

/* One section while the file is read. */
struct config_webhook {
    struct webhook_settings *settings; /* in struct config */
    unsigned given;                    /* bit i: key i of the table stood there */
    int line;                          /* of its head */
};

/* Adds a webhook of that name, which must be new. */
struct error config_webhook_begin(struct config *config, const char *name, int line,
                                  struct config_webhook *section) MUST_CHECK;

/* Takes one key of the section. */
struct error config_webhook_set(struct config *config, struct config_webhook *section,
                                const char *name, const char *text) MUST_CHECK;

/* Checks that what is required is there, and says whether http will do, once it is known whether
 * the server is for development. */
struct error config_webhook_finish(const struct config *config,
                                   const struct config_webhook *section) MUST_CHECK;

#endif
