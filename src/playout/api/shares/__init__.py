"""The Shares API (`/api`): ASP.NET habits; landing pages of projects, and what renders for them."""
