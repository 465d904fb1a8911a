/* Sections [issuer NAME] of the configuration file. Shared by the files of this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_ISSUER_H
#define MUSTER_CONFIG_CONFIG_ISSUER_H

#include "config/config.h"

/* Puts one key of the section into the issuer of that name, which is added if it is new. Errors say
 * what is wrong, without the place. */
struct error config_issuer_set(struct config *config, const char *issuer_name, const char *name,
                               const char *text) MUST_CHECK;

/* Fills in defaults and checks that what is required is there. */
struct error config_issuer_check(struct issuer_settings *issuer) MUST_CHECK;

#endif
