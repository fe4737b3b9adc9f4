#include "sandbox/platform/platform.hpp"

#include <map>

namespace usher::sandbox::platform {

rule rule_of(std::string_view operation_id)
{
    using namespace rules;
    static const std::map<std::string_view, rule> table{
        {"PlatformListApplications", list_applications},
        {"PlatformCreateApplication", create_application},
        {"PlatformGetApplication", get_application},
        {"PlatformUpdateApplication", update_application},
        {"PlatformDeleteApplication", delete_application},
        {"PlatformUploadApplicationLogo", set_image},
        {"PlatformDeleteApplicationLogo", set_image},
        {"PlatformUploadApplicationFavicon", set_image},
        {"PlatformDeleteApplicationFavicon", set_image},
        {"PlatformUpdateApplicationDomain", update_domain},
        {"PlatformListApplicationDomains", list_application_domains},
        {"PlatformCreateApplicationDomain", create_domain},
        {"PlatformGetApplicationDomain", get_domain},
        {"PlatformDeleteApplicationDomain", delete_domain},
        {"PlatformGetApplicationDomainStatus", domain_status},
        {"PlatformTriggerDNSCheck", check_dns},
        {"PlatformListDomains", list_domains},
        {"PlatformGetDomain", get_workspace_domain},
        {"PlatformListApplicationTransfers", list_transfers},
        {"PlatformCreateApplicationTransfer", create_transfer},
        {"PlatformGetApplicationTransfer", get_transfer},
        {"PlatformCancelApplicationTransfer", cancel_transfer},
        {"PlatformGetInstanceUsage", usage},
        {"PlatformListInstanceUsers", list_users},
        {"PlatformDeleteUser", delete_user},
        {"PlatformBanUser", ban_user},
        {"PlatformUnbanUser", ban_user},
        {"PlatformListJWTTemplates", list_templates},
        {"PlatformCreateJWTTemplate", create_template},
        {"PlatformGetJWTTemplate", get_template},
        {"PlatformUpdateJWTTemplate", update_template},
        {"PlatformDeleteJWTTemplate", delete_template},
        {"PlatformListRedirectURLs", list_redirects},
        {"PlatformCreateRedirectURL", create_redirect},
        {"PlatformGetRedirectURL", get_redirect},
        {"PlatformDeleteRedirectURL", delete_redirect},
        {"PlatformGetConfig", get_config},
        {"PlatformPatchConfig", change_config},
        {"PlatformPutConfig", change_config},
        {"PlatformGetConfigSchema", config_schema},
        {"PlatformClaimAccountlessApplication", claim_application},
    };
    const auto found = table.find(operation_id);
    return found == table.end() ? nullptr : found->second;
}

} // namespace usher::sandbox::platform
