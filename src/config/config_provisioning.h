/* Section [provisioning] of the configuration file: what QR codes tell Android's setup wizard.
 * Shared by the files of this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_PROVISIONING_H
#define MUSTER_CONFIG_CONFIG_PROVISIONING_H

#include "config/config.h"

/* Sets one key: the names of provisioning_settings_set() with dashes, "wifi-ssid" for "wifiSsid".
 * Errors say what is wrong, without the place. */
struct error config_provisioning_set(struct config *config, const char *name,
                                     const char *text) MUST_CHECK;

/* With --dev and nothing said, names CloudDPC, so that payloads look as Intune's do; then checks
 * all settings together. */
struct error config_provisioning_finish(struct config *config) MUST_CHECK;

#endif
