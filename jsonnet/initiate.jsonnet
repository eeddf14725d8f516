// Body of the registration hook: asks Gatehouse to begin a verification for the new identity.
//
// Total: whatever is absent, null or of another type, there is a body. A template that fails would fail the customer's
// sign-up after the account exists. Of what a client can set freely (transient_payload), only the language is read.
function(ctx)
  local object(value) = if std.isObject(value) then value else {};
  local field(value, name) = if std.objectHas(object(value), name) then value[name] else null;
  local text(value) = if std.isString(value) && std.length(value) > 0 && std.length(value) <= 200 then value else null;

  local identity = field(ctx, 'identity');
  local traits = field(identity, 'traits');
  local name = field(traits, 'name');
  local payload = field(field(ctx, 'flow'), 'transient_payload');
  local first(values) = local found = [value for value in values if value != null]; if std.length(found) > 0 then found[0] else null;

  std.prune({
    identity_id: text(field(identity, 'id')),
    email: text(field(traits, 'email')),
    first_name: first([text(field(name, 'first')), text(field(traits, 'first_name'))]),
    last_name: first([text(field(name, 'last')), text(field(traits, 'last_name'))]),
    language: text(field(payload, 'language')),
  })
