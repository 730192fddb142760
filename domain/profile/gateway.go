package profile

import (
	"net/url"
	"strings"

	"jira-cli/domain/fault"
)

// The gateways through which Atlassian takes tokens with scopes, and the domains
// whose sites they serve. The suffix of Government Cloud's sites is not
// verified; of its gateway the host is.
// https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
// https://nango.dev/docs/integrations/all/atlassian-government-cloud
const (
	gatewayHost      = "api.atlassian.com"
	governmentHost   = "api.atlassian-us-gov-mod.com"
	governmentSuffix = ".atlassian-us-gov-mod.net"
	gatewayPath      = "/ex/jira/"
)

// IsGateway reports whether the site is one at Atlassian's gateway, which is
// named by its cloud id and answers nobody without a credential.
func (s Site) IsGateway() bool { return isGatewayHost(s.host) }

func isGatewayHost(host string) bool { return host == gatewayHost || host == governmentHost }

// IsAtlassian reports whether Atlassian hosts the site under a domain of its own:
// a Cloud site, one of Government Cloud, or one at a gateway. It is on Cloud
// without being asked.
func (s Site) IsAtlassian() bool {
	return s.IsCloud() || s.IsGateway() || strings.HasSuffix(s.host, governmentSuffix)
}

// AtGateway returns the base URL of the site at its gateway.
func (s Site) AtGateway(cloudID string) string {
	host := gatewayHost
	if s.host == governmentHost || strings.HasSuffix(s.host, governmentSuffix) {
		host = governmentHost
	}
	return "https://" + host + gatewayPath + cloudID
}

// pathAtGateway returns the path of a site at the gateway, whatever stands
// behind its cloud id.
func pathAtGateway(u *url.URL) (path string, page bool, err error) {
	rest, below := strings.CutPrefix(u.EscapedPath(), gatewayPath)
	id, more, _ := strings.Cut(rest, "/")
	if !below || !IsCloudID(id) {
		return "", false, fault.New(fault.ArgumentInvalid, "%s is Atlassian's gateway to all sites and needs the cloud id of one", u.Hostname()).
			WithHint("give the site itself, such as https://example%s; for a site at the gateway write https://%s/ex/jira/ and its cloud id, which the site shows at /_edge/tenant_info", CloudSuffix, u.Hostname())
	}
	return gatewayPath + id, strings.Trim(more, "/") != "" || u.RawQuery != "" || u.Fragment != "", nil
}

// ParseOrigin is ParseSite for the origin that a reference records: a gateway's has
// no cloud id.
func ParseOrigin(text string) (Site, error) {
	if host, secure := strings.CutPrefix(text, "https://"); secure && isGatewayHost(host) {
		return Site{scheme: "https", host: host}, nil
	}
	return ParseSite(text)
}

// IsUnderAtlassian reports whether the host is under a domain of Atlassian's, on
// whatever port.
func (s Site) IsUnderAtlassian() bool {
	s.host, _, _ = strings.Cut(s.host, ":")
	return s.IsAtlassian()
}
