"""What is: places, nominations, reviews, decisions. Reads only; `visible_to` comes first."""
