using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op
            SumOp = new("sum"), SumDims = new("sum", "dim_IntList"), MeanOp = new("mean"), MeanDims = new("mean", "dim"),
            MaxOp = new("max"), MaxDim = new("max", "dim"), MaxOther = new("max", "other"), MinOp = new("min"), MinDim = new("min", "dim"),
            AmaxOp = new("amax"), AminOp = new("amin"), AllOp = new("all"), AllDim = new("all", "dim"), AnyOp = new("any"), AnyDim = new("any", "dim"),
            ArgmaxOp = new("argmax"), NormOp = new("norm", "Scalar"), StdOp = new("std"), VarOp = new("var"), StdDims = new("std", "dim"),
            VarDims = new("var", "dim"), AllcloseOp = new("allclose");

        public Tensor sum(ScalarType? type = null) => SumOp.Call(this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => SumDims.Call(this, dim, keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => SumDims.Call(this, new[] { dim }, keepdim, type);
        public Tensor mean() => MeanOp.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => MeanDims.Call(this, dimensions, keepdim, type);
        public Tensor max() => MaxOp.Call(this);
        public Tensor max(Tensor other) => MaxOther.Call(this, other);
        public Tensor min() => MinOp.Call(this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            var r = MaxDim.Many(this, dim, keepdim);
            return (r[0], r[1]);
        }

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            var r = MinDim.Many(this, dim, keepdim);
            return (r[0], r[1]);
        }

        public Tensor amax(params long[] dims) => AmaxOp.Call(this, dims);
        public Tensor amin(params long[] dims) => AminOp.Call(this, dims);
        public Tensor all() => AllOp.Call(this);
        public Tensor all(long dim, bool keepdim = false) => AllDim.Call(this, dim, keepdim);
        public Tensor any() => AnyOp.Call(this);
        public Tensor any(long dim, bool keepdim = false) => AnyDim.Call(this, dim, keepdim);
        public Tensor argmax() => ArgmaxOp.Call(this);
        public Tensor norm(float p = 2) => NormOp.Call(this, (double)p);
        public Tensor std(bool unbiased = true) => StdOp.Call(this, unbiased);
        public Tensor var(bool unbiased = true) => VarOp.Call(this, unbiased);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            StdDims.Call(this, dimensions, unbiased, keepdim);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            VarDims.Call(this, dimensions, unbiased, keepdim);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            AllcloseOp.Number(this, target, rtol, atol, equal_nan) != 0;
    }
}
