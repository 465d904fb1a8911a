#include "auth/sign_in_address.h"

#include <string.h>

#include "auth/fetch_address.h"

bool sign_in_address_is_valid(const char *address) {
    for (const char *at = address; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\')
            return false;
    }
    struct error error = fetch_address_check(address);
    return !error_is_set(&error);
}

const char *sign_in_address_find(const struct issuer_settings *settings) {
    static const char *const entra[] = {"https://login.microsoftonline.com/",
                                        "https://sts.windows.net/"};
    if (settings->authorization_endpoint != NULL)
        return settings->authorization_endpoint;
    for (size_t i = 0; i < sizeof entra / sizeof entra[0]; i++) {
        if (strncmp(settings->issuer, entra[i], strlen(entra[i])) == 0)
            return SIGN_IN_ADDRESS_OF_ENTRA;
    }
    return NULL;
}
