/* Section [provisioning] of the configuration file: what QR codes tell Android's setup wizard.
 * Shared by the files of this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_PROVISIONING_H
#define MUSTER_CONFIG_CONFIG_PROVISIONING_H

#include "config/config.h"

#define CONFIG_PROVISIONING_KEYS_AT_MOST 32

/* What was read of the section, to tell when it contradicts itself and where. All zero is none. */
struct config_provisioning {
    int line; /* of the section's head; 0: there is none */
    const char *given[CONFIG_PROVISIONING_KEYS_AT_MOST];
    size_t given_count;
};

/* Whether the key may go over several lines: JSON grows long. */
bool config_provisioning_has_many_lines(const char *name);

/* Sets one key: the names of provisioning_settings_set() with dashes, "wifi-ssid" for "wifiSsid".
 * Lines of admin-extras are put together; any other key may be given once.
 * Errors say what is wrong, without the place. */
struct error config_provisioning_set(struct config *config, struct config_provisioning *section,
                                     const char *name, const char *text) MUST_CHECK;

/* With --dev and nothing said, names CloudDPC, so that payloads look as Intune's do; then checks
 * all settings together. Errors name the file and the line of the section's head. */
struct error config_provisioning_finish(struct config *config,
                                        const struct config_provisioning *section) MUST_CHECK;

#endif
