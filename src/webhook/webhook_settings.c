#include "webhook/webhook_settings.h"

#include "auth/fetch_address.h"

struct error webhook_settings_check_address(const struct webhook_settings *settings,
                                            bool is_development) {
    struct error error = fetch_address_check(settings->url);
    if (error_is_set(&error))
        return error_make_for(ERROR_INVALID, "url", "[webhook %s] 'url' %s", settings->name,
                              error.message);
    if (!is_development && fetch_address_is_plain(settings->url))
        return error_make_for(ERROR_INVALID, "url",
                              "[webhook %s] 'url' must be https: http to this machine is for --dev "
                              "only",
                              settings->name);
    return error_none();
}
