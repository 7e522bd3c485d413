using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Op
        CatOp = new("cat"), StackOp = new("stack"), WhereOp = new("where", "self"), MaximumOp = new("maximum"), MinimumOp = new("minimum"),
        EinsumOp = new("einsum"), MaskedSelectOp = new("masked_select");

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => CatOp.Call(tensors.ToArray(), dim);
    public static Tensor cat(Tensor[] tensors, long dim = 0) => CatOp.Call(tensors, dim);
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => CatOp.Call(tensors.ToArray(), dim);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => StackOp.Call(tensors.ToArray(), dim);
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => WhereOp.Call(condition, x, y);
    public static Tensor maximum(Tensor input, Tensor other) => MaximumOp.Call(input, other);
    public static Tensor minimum(Tensor input, Tensor other) => MinimumOp.Call(input, other);
    public static Tensor einsum(string equation, params Tensor[] tensors) => EinsumOp.Call(equation, tensors);
    public static Tensor masked_select(Tensor input, Tensor mask) => MaskedSelectOp.Call(input, mask);

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
    public static Tensor abs(Tensor input) => input.abs();
    public static Tensor exp(Tensor input) => input.exp();
    public static Tensor log(Tensor input) => input.log();
    public static Tensor sqrt(Tensor input) => input.sqrt();
    public static Tensor square(Tensor input) => input.square();
    public static Tensor sigmoid(Tensor input) => input.sigmoid();
    public static Tensor tanh(Tensor input) => input.tanh();
    public static Tensor cos(Tensor input) => input.cos();
    public static Tensor sin(Tensor input) => input.sin();
    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);
    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);
    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);
    public static Tensor mean(Tensor input) => input.mean();
    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);
    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);
    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);
    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);
    public static Tensor view_as_real(Tensor input) => input.view_as_real();
    public static Tensor view_as_complex(Tensor input) => input.view_as_complex();
    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
        tensor.allclose(target, rtol, atol, equal_nan);
}
