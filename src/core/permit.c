/*
 * permit.c
 *	  The procedure of the residence permit as a table.
 */
#include "core/permit.h"

#include <string.h>

static const PermitStateInfo states[] = {
	[PERMIT_DRAFT] = {"draft", "初录", PERMIT_APPLICATION},
	[PERMIT_SUBMITTED] = {"submitted", "待受理", PERMIT_APPLICATION},
	[PERMIT_CORRECTION] = {"correction", "补正", PERMIT_APPLICATION},
	[PERMIT_NOT_ACCEPTED] = {"not_accepted", "不予受理", PERMIT_END},
	[PERMIT_ACCEPTED] = {"accepted", "已受理", PERMIT_APPLICATION},
	[PERMIT_REVIEW] = {"review", "审核中", PERMIT_APPLICATION},
	[PERMIT_REFUSED] = {"refused", "不予办理", PERMIT_END},
	[PERMIT_MAKING] = {"making", "制证中", PERMIT_APPLICATION},
	[PERMIT_MAKE_FAILED] = {"make_failed", "制证失败", PERMIT_APPLICATION},
	[PERMIT_READY] = {"ready", "可发证", PERMIT_APPLICATION},
	[PERMIT_VALID] = {"valid", "有效", PERMIT_CARD},
	[PERMIT_SUSPENDED] = {"suspended", "使用功能中止", PERMIT_CARD},
	[PERMIT_LOST] = {"lost", "挂失", PERMIT_CARD},
	[PERMIT_REPLACED] = {"replaced", "已换领补领", PERMIT_END},
	[PERMIT_CANCELLED] = {"cancelled", "注销", PERMIT_END},
	[PERMIT_REVOKED] = {"revoked", "撤销收缴", PERMIT_END}
};

enum
{
	ENTER, APPLY, ACCEPT, REQUEST_SUPPLEMENT, SUPPLEMENT, REFUSE_ACCEPTANCE, VERIFY, APPROVE, REFUSE,
	MAKE, FAIL, REMAKE, DELIVER, ENDORSE, SUSPEND, ENDORSE_LATE, LAPSE, CHANGE_ADDRESS, REFUSE_ENDORSEMENT,
	REPORT_LOST, FIND, REPLACE, REISSUE, CANCEL, REVOKE, WITHDRAW
};

#define R663 "居住证暂行条例 "
#define MPS38 "公通字〔2015〕38号"
#define LICENCE "行政许可法 "

const PermitEvent residency_permit_events[] = {
	[ENTER] = {"enter", "初录", "person", NULL, "the person and the residence are registered", NULL},
	[APPLY] = {"apply", "申领", "person", NULL,
		"old enough, or by proxy; an active residence; the household is of another city; no other application or permit in this city",
		R663 "Art. 2, 9; " MPS38},
	[ACCEPT] = {"accept", "受理", "window", "permit_issue", "all required materials are there", R663 "Art. 9; " MPS38},
	[REQUEST_SUPPLEMENT] = {"request_supplement", "补正告知", "window", "supplement_notice",
		"something is missing; told once, and in time", R663 "Art. 9; " LICENCE "Art. 32"},
	[SUPPLEMENT] = {"supplement", "补齐受理", "person", "permit_issue", "everything on the list is delivered", LICENCE "Art. 32"},
	[REFUSE_ACCEPTANCE] = {"refuse_acceptance", "不予受理", "window", NULL, "a reason in writing", LICENCE "Art. 32"},
	[VERIFY] = {"verify", "核查", "police", NULL, "the residence is still active", R663 "Art. 9, 10"},
	[APPROVE] = {"approve", "准予", "police", "permit_issue", "every criterion holds", R663 "Art. 9, 10"},
	[REFUSE] = {"refuse", "不予办理", "police", "permit_issue", "a reason, and the remedy told", LICENCE "Art. 38"},
	[MAKE] = {"make", "制证完成", "maker", NULL, NULL, NULL},
	[FAIL] = {"fail", "制证失败", "maker", NULL, "a reason", NULL},
	[REMAKE] = {"remake", "重新制证", "maker", NULL, NULL, NULL},
	[DELIVER] = {"deliver", "发证", "window", "permit_issue", "who collects it, or how it is sent", R663 "Art. 9"},
	[ENDORSE] = {"endorse", "签注", "window", "endorse_window",
		"inside the window; the residence is active and the permit's; something still entitles", R663 "Art. 10"},
	[SUSPEND] = {"suspend", "使用功能中止", "system", NULL, "the anniversary passed without endorsement", R663 "Art. 10"},
	[ENDORSE_LATE] = {"endorse_late", "补办签注", "window", "suspended_lapse",
		"as for an endorsement, and not lapsed; years by gap_policy", R663 "Art. 10"},
	[LAPSE] = {"lapse", "中止期满注销", "system", "suspended_lapse", "suspended for as long as the place allows",
		"深圳经济特区居住证条例 Art. 27"},
	[CHANGE_ADDRESS] = {"change_address", "居住变更", "person", "change_report_occupant",
		"a new active residence in the same city", "广东省流动人口服务管理条例 Art. 15"},
	[REFUSE_ENDORSEMENT] = {"refuse_endorsement", "不予签注", "police", NULL, "a reason", "浙江省流动人口居住登记条例 Art. 19"},
	[REPORT_LOST] = {"report_lost", "挂失", "person", NULL, NULL, R663 "Art. 11"},
	[FIND] = {"find", "找回", "person", NULL, NULL, NULL},
	[REPLACE] = {"replace", "换领补领", "window", NULL, "a damaged card is handed in; the fee is paid", R663 "Art. 11, 21"},
	[REISSUE] = {"reissue", "补发新证", "window", "permit_replace", "follows a replaced permit with its years", R663 "Art. 11"},
	[CANCEL] = {"cancel", "注销", "police", NULL, "local household, death, departure or another statutory reason",
		"杭州市流动人口服务管理规定 Art. 21; 深圳经济特区居住证条例 Art. 27"},
	[REVOKE] = {"revoke", "撤销收缴", "police", NULL, "there is a penalty decision", R663 "Art. 18, 19"},
	[WITHDRAW] = {"withdraw", "撤回申请", "person", NULL, "before the decision", NULL}
};
const int	residency_permit_event_count = sizeof(residency_permit_events) / sizeof(residency_permit_events[0]);

const PermitTransition residency_permit_transitions[] = {
	{PERMIT_NONE, ENTER, PERMIT_DRAFT},
	{PERMIT_DRAFT, APPLY, PERMIT_SUBMITTED},
	{PERMIT_SUBMITTED, ACCEPT, PERMIT_ACCEPTED},
	{PERMIT_SUBMITTED, REQUEST_SUPPLEMENT, PERMIT_CORRECTION},
	{PERMIT_CORRECTION, SUPPLEMENT, PERMIT_ACCEPTED},
	{PERMIT_SUBMITTED, REFUSE_ACCEPTANCE, PERMIT_NOT_ACCEPTED},
	{PERMIT_ACCEPTED, VERIFY, PERMIT_REVIEW},
	{PERMIT_REVIEW, APPROVE, PERMIT_MAKING},
	{PERMIT_REVIEW, REFUSE, PERMIT_REFUSED},
	{PERMIT_MAKING, MAKE, PERMIT_READY},
	{PERMIT_MAKING, FAIL, PERMIT_MAKE_FAILED},
	{PERMIT_MAKE_FAILED, REMAKE, PERMIT_MAKING},
	{PERMIT_READY, DELIVER, PERMIT_VALID},
	{PERMIT_VALID, ENDORSE, PERMIT_VALID},
	{PERMIT_VALID, SUSPEND, PERMIT_SUSPENDED},
	{PERMIT_SUSPENDED, ENDORSE_LATE, PERMIT_VALID},
	{PERMIT_SUSPENDED, LAPSE, PERMIT_CANCELLED},
	{PERMIT_VALID, CHANGE_ADDRESS, PERMIT_VALID},
	{PERMIT_SUSPENDED, CHANGE_ADDRESS, PERMIT_SUSPENDED},
	{PERMIT_VALID, REFUSE_ENDORSEMENT, PERMIT_VALID},
	{PERMIT_SUSPENDED, REFUSE_ENDORSEMENT, PERMIT_SUSPENDED},
	{PERMIT_VALID, REPORT_LOST, PERMIT_LOST},
	{PERMIT_SUSPENDED, REPORT_LOST, PERMIT_LOST},
	{PERMIT_LOST, FIND, PERMIT_VALID},
	{PERMIT_LOST, REPLACE, PERMIT_REPLACED},
	{PERMIT_VALID, REPLACE, PERMIT_REPLACED},
	{PERMIT_NONE, REISSUE, PERMIT_MAKING},
	{PERMIT_VALID, CANCEL, PERMIT_CANCELLED},
	{PERMIT_SUSPENDED, CANCEL, PERMIT_CANCELLED},
	{PERMIT_LOST, CANCEL, PERMIT_CANCELLED},
	{PERMIT_SUBMITTED, REVOKE, PERMIT_REVOKED},
	{PERMIT_CORRECTION, REVOKE, PERMIT_REVOKED},
	{PERMIT_ACCEPTED, REVOKE, PERMIT_REVOKED},
	{PERMIT_REVIEW, REVOKE, PERMIT_REVOKED},
	{PERMIT_MAKING, REVOKE, PERMIT_REVOKED},
	{PERMIT_MAKE_FAILED, REVOKE, PERMIT_REVOKED},
	{PERMIT_READY, REVOKE, PERMIT_REVOKED},
	{PERMIT_VALID, REVOKE, PERMIT_REVOKED},
	{PERMIT_SUSPENDED, REVOKE, PERMIT_REVOKED},
	{PERMIT_LOST, REVOKE, PERMIT_REVOKED},
	{PERMIT_SUBMITTED, WITHDRAW, PERMIT_DRAFT},
	{PERMIT_CORRECTION, WITHDRAW, PERMIT_DRAFT},
	{PERMIT_ACCEPTED, WITHDRAW, PERMIT_DRAFT},
	{PERMIT_REVIEW, WITHDRAW, PERMIT_DRAFT}
};
const int	residency_permit_transition_count =
	sizeof(residency_permit_transitions) / sizeof(residency_permit_transitions[0]);

static bool
is_named(const char *name, const char *sought, size_t len)
{
	return strlen(name) == len && memcmp(name, sought, len) == 0;
}

const PermitStateInfo *
residency_permit_state(int state)
{
	return state > PERMIT_NONE && state <= RESIDENCY_PERMIT_STATES ? &states[state] : NULL;
}

PermitState
residency_permit_state_named(const char *name, size_t len)
{
	for (PermitState state = PERMIT_NONE + 1; state <= RESIDENCY_PERMIT_STATES; state++)
	{
		if (is_named(states[state].name, name, len))
			return state;
	}
	return PERMIT_NONE;
}

PermitState
residency_permit_next(PermitState state, const char *event, size_t len)
{
	for (int i = 0; i < residency_permit_transition_count; i++)
	{
		const PermitTransition *step = &residency_permit_transitions[i];

		if (step->from == state && is_named(residency_permit_events[step->event].name, event, len))
			return step->to;
	}
	return PERMIT_NONE;
}
