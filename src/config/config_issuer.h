/* Sections [issuer NAME] of the configuration file. Shared by the files of this folder only. Errors
 * say what is wrong, without the place. */
#ifndef MUSTER_CONFIG_CONFIG_ISSUER_H
#define MUSTER_CONFIG_CONFIG_ISSUER_H

#include "config/config.h"

/* One section while the file is read. */
struct config_issuer {
    struct issuer_settings *settings; /* in struct config */
    unsigned given;                   /* bit i: key i of the table stood there */
    int line;                         /* of its head */
};

/* Adds an issuer of that name, which must be new. */
struct error config_issuer_begin(struct config *config, const char *name, int line,
                                 struct config_issuer *section) MUST_CHECK;

/* Takes one key of the section. */
struct error config_issuer_set(struct config *config, struct config_issuer *section,
                               const char *name, const char *text) MUST_CHECK;

/* Fills in defaults, checks that what is required is there, that the keys go together and that no
 * section before it is for the same issuer. */
struct error config_issuer_finish(const struct config *config,
                                  const struct config_issuer *section) MUST_CHECK;

#endif
