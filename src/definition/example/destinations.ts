/** The last part of the default `bellwether.yaml`: where answers would go, all of it commented out. */
export const DESTINATIONS_YAML = `
# ---------------------------------------------------------------------------------------------------------------------
# DESTINATIONS. Nothing leaves this machine until you name a place here. Secrets are read from the environment.
# ---------------------------------------------------------------------------------------------------------------------
# destinations:
#   alerts: { kind: webhook, url: $ALERTS_URL, secret: $ALERTS_SECRET }
`;
