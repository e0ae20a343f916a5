"""What is sold: components, their prices, and how prices are written exactly."""
