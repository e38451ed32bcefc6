"""Electronic seals (GB/T 38540, GM/T 0031): read structures, show pictures, draw pictures."""
