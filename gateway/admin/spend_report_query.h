#pragma once

#include "gateway/auth/principal.h"
#include "gateway/store/dimension.h"
#include "gateway/store/spend_report.h"
#include "shared/core/result.h"

#include <QByteArrayView>
#include <QLatin1StringView>

namespace delta::admin {

/// Returns the name that a dimension has in `group_by`: "none", "key", "user", "team", "organization", "model",
/// "deployment", "provider", "tag" or "status".
[[nodiscard]] QLatin1StringView groupingName(store::Dimension dimension);
/// Returns the name that an interval has: "none", "hour" or "day".
[[nodiscard]] QLatin1StringView intervalName(store::ReportInterval interval);

/// What /spend/report is asked for.
struct ReportQuery {
    store::ReportQuestion question;
    bool isAboutAll = true; ///< Neither a grouping nor a filter is asked for.
};

/// Reads the query parameters of /spend/report:
/// - group_by: see groupingName(); none if absent, or what the filter is about.
/// - interval: see intervalName(); none if absent. Otherwise start_date and end_date must be there.
/// - start_date, end_date: as of /spend/logs, but widened to whole hours of UTC.
/// - one filter at most: api_key (a key's id), user_id, team_id, organization_id, model, deployment_id,
///   provider, tag, status. Roll-ups know one dimension each, so group_by can be no other.
/// - limit, offset: of groups. 100 and at most 1,000; with an interval as many as come to 10,000 steps.
/// Errors: InvalidRequest naming the parameter.
[[nodiscard]] Result<ReportQuery> readReportQuery(QByteArrayView text);

/// Narrows a report to what its reader may see: all for the master, and for a virtual key what it spent.
/// Errors: PermissionDenied if something else is asked for.
[[nodiscard]] Result<ReportQuery> reportFor(const auth::Principal &principal, ReportQuery wish);

} // namespace delta::admin
