-- permit_state: the type.  Its order is that of the procedure.

@integer_type permit_state|int2|a permit state|permit states|居住证状态
COMMENT ON TYPE residency.permit_state IS
    'state of a residence permit, from draft to revoked, 2 bytes; residency.permit_states() lists them, residency.permit_transitions() what leads from one to another (居住证状态, 国务院令663号)';
