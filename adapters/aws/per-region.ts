/** One client per Region. */
export function perRegion<Client>(create: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const known = clients.get(region) ?? create(region);
    clients.set(region, known);
    return known;
  };
}
