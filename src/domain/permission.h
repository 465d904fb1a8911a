/* The Graph permissions that Muster knows, by their names in a token's scp or roles claim. */
#ifndef MUSTER_DOMAIN_PERMISSION_H
#define MUSTER_DOMAIN_PERMISSION_H

#include "base/slice.h"

/* Bits, so that a principal's permissions are one number. */
enum permission {
    PERMISSION_CONFIGURATION_READ = 1U << 0,       /* DeviceManagementConfiguration.Read.All */
    PERMISSION_CONFIGURATION_READ_WRITE = 1U << 1, /* DeviceManagementConfiguration.ReadWrite.All */
    PERMISSION_MANAGED_DEVICES_READ = 1U << 2,     /* DeviceManagementManagedDevices.Read.All */
    PERMISSION_MANAGED_DEVICES_READ_WRITE = 1U << 3, /* …ManagedDevices.ReadWrite.All */
    PERMISSION_APPS_READ = 1U << 4,                  /* DeviceManagementApps.Read.All */
    PERMISSION_APPS_READ_WRITE = 1U << 5,            /* DeviceManagementApps.ReadWrite.All */
};
#define PERMISSION_COUNT 6

/* The bit of that name, in any case as Entra compares them; 0 for a permission that means nothing
 * here. */
unsigned permission_parse(struct slice name);

/* The name of one bit. */
const char *permission_name(enum permission permission);

#endif
