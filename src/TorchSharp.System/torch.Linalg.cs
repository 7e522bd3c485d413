using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static class linalg
    {
        private static readonly Op VectorNorm = new("linalg_vector_norm");

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            dims is null ? VectorNorm.Call(input, ord, default, keepdim) : VectorNorm.Call(input, ord, dims, keepdim);
    }
}
